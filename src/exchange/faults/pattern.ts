// Patterns of requests and streams: `POST /v2/orders`, `/v2/stocks/*/bars`, `GET /v2/**`.

const escaped = (text: string): string => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');
/** `*` stands for one part of a path, `**` for any rest of it. */
const sourceOf = (path: string): string =>
  path
    .split('**')
    .map((part) => part.split('*').map(escaped).join('[^/]*'))
    .join('.*');

/** A test of paths without their query. */
export function pathPattern(pattern: string): (path: string) => boolean {
  const source = new RegExp(`^${sourceOf(pattern)}$`);
  return (path) => source.test(path);
}

/** A test of requests; without a method any fits. */
export function routePattern(pattern: string): (method: string, path: string) => boolean {
  const [first = '', second] = pattern.split(' ');
  const fits = pathPattern(second ?? first);
  const method = second === undefined || first === '*' ? null : first;
  return (asked, path) => (method === null || method === asked.toUpperCase()) && fits(path);
}
