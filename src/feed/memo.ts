/** What is remembered for a key, made where nothing is. */
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

/** One value for each object, made at its first use; it goes with the object. */
export const onePerObject = <K extends object, V extends object>(make: (key: K) => V): ((key: K) => V) => {
  const made = new WeakMap<K, V>()
  return (key) => recalled(made, key, make)
}

/**
 * One value for each name, made at its first use.
 * @param most names; above so many the oldest is forgotten
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
