import { useEffect } from 'react'

/** Calls back whenever the reader comes back to the page. */
export const useReturn = (look: () => void): void => {
  useEffect(() => {
    const see = (): void => {
      if (document.visibilityState === 'visible') look()
    }
    addEventListener('focus', see)
    document.addEventListener('visibilitychange', see)
    return () => {
      removeEventListener('focus', see)
      document.removeEventListener('visibilitychange', see)
    }
  }, [look])
}
