// What follows from a key alone, worked out once and kept.

/** Values by key, each made when it is first looked up, and never again; no key is forgotten, so the whole is to be. */
export function kept<K, V extends NonNullable<unknown>>(make: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return (key) => {
    const before = known.get(key);
    if (before !== undefined) return before;
    const value = make(key);
    known.set(key, value);
    return value;
  };
}
