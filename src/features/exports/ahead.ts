/** The same, but the next one is under way while one is taken. */
export async function* ahead<T>(source: AsyncGenerator<T, undefined>): AsyncGenerator<T> {
  const begin = () => {
    const next = source.next();
    next.catch(() => undefined); // whoever awaits it is told
    return next;
  };
  try {
    let next = begin();
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = begin();
      yield value;
    }
  } finally {
    await source.return(undefined);
  }
}
