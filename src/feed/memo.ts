/** Returns the value stored for a key; makes and stores it when there is none. */
const recalled = <K, V extends object | string>(
  made: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: (key: K) => V,
): V => {
  const known = made.get(key)
  if (known !== undefined) return known
  const value = make(key)
  made.set(key, value)
  return value
}

/**
 * Returns a function that makes one value for each object at its first use; the value is collected with the object.
 */
export const onePerObject = <K extends object, V extends object>(make: (key: K) => V): ((key: K) => V) => {
  const made = new WeakMap<K, V>()
  return (key) => recalled(made, key, make)
}

/**
 * Returns a function that makes one value for each name at its first use.
 * @param most largest number of names; above it the oldest is forgotten
 */
export const onePerName = <V extends object | string>(
  most: number,
  make: (name: string) => V,
): ((name: string) => V) => {
  const made = new Map<string, V>()
  return (name) => {
    const value = recalled(made, name, make)
    if (made.size > most) made.delete(made.keys().next().value as string)
    return value
  }
}
