/**
 * Works at the first call, and then at most once in `ms` however often it is called. The last call
 * is never the one left out: what it asks for is done when the pause is over.
 */
export function throttle(ms: number, work: () => void): () => void {
  let resting = false;
  let again = false;
  const call = (): void => {
    if (resting) {
      again = true;
      return;
    }
    resting = true;
    again = false;
    work();
    setTimeout(() => {
      resting = false;
      if (again) call();
    }, ms).unref();
  };
  return call;
}
