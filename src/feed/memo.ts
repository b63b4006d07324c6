import { LRUCache } from 'lru-cache'

/**
 * Returns a function that makes one value for each object at its first use; the value is collected with the object.
 */
export const onePerObject = <K extends object, V extends object>(make: (key: K) => V): ((key: K) => V) => {
  const made = new WeakMap<K, V>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const value = make(key)
    made.set(key, value)
    return value
  }
}

/**
 * Returns a function that makes one value for each name at its first use.
 * @param most largest number of names; above it the one that was used longest ago is forgotten
 */
export const onePerName = <V extends object | string>(
  most: number,
  make: (name: string) => V,
): ((name: string) => V) => {
  const made = new LRUCache<string, V>({ max: most, memoMethod: make })
  return (name) => made.memo(name)
}
