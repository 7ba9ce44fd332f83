// Values as they come in, for a test that waits for one of them.

/** Collects values and lets a test await the one it looks for. */
export function collector<T>() {
  const seen: T[] = [];
  const waiting = new Set<() => void>();
  return {
    seen,
    push(value: T): void {
      seen.push(value);
      for (const check of [...waiting]) check();
    },
    /** The first value that fits, past or to come. */
    find(fits: (value: T) => boolean): Promise<T> {
      return new Promise((resolve) => {
        const check = (): void => {
          const found = seen.find(fits);
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      });
    },
  };
}
