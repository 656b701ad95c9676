/** Starts a worker whose script may come from another origin than the page. */

export function startWorker(script: string): Worker {
  const { href, origin } = new URL(script, import.meta.url);
  if (origin === location.origin) return new Worker(href, { type: "module" });
  // A page may import a script of another origin, but not start a worker with it: the worker imports it instead.
  const source = new Blob([`import ${JSON.stringify(href)};`], { type: "text/javascript" });
  return new Worker(URL.createObjectURL(source), { type: "module" });
}
