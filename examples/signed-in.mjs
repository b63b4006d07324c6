// Reads the address and the credentials that all examples take from their environment.
/** @returns {Promise<{ url: string, token: string }>} */
export const signedIn = async () => {
  const { TRIBUTARY_URL: url = 'http://localhost:8000', TRIBUTARY_TOKEN, TRIBUTARY_USERNAME, TRIBUTARY_PASSWORD } = process.env
  if (TRIBUTARY_TOKEN) return { url, token: TRIBUTARY_TOKEN }
  const response = await fetch(`${url}/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username: TRIBUTARY_USERNAME, password: TRIBUTARY_PASSWORD }),
  })
  if (!response.ok) throw new Error(`The login was answered with ${response.status}`)
  return { url, token: (await response.json()).access_token }
}
