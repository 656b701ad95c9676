/**
 * Keeps the page that says that there is no connection, and shows it when another cannot be had. Nothing else is kept: what is live must
 * not be of yesterday.
 */

/** What of the service worker's surroundings is used here; the library of types has them only without those of pages. */
type Extendable = Event & { waitUntil: (work: Promise<unknown>) => void };
type Fetching = Event & {
  readonly request: Request;
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith: (answer: Promise<Response>) => void;
};
type Scope = EventTarget & {
  readonly skipWaiting: () => Promise<void>;
  readonly registration: { readonly navigationPreload?: { enable: () => Promise<void> } };
};

const worker = self as unknown as Scope;
const KEPT = "offline";
const PAGE = "/offline";
/** What the page needs. It is kept under addresses of its own, so that the files of other pages never wait for this worker. */
const ASSETS = /"\/assets\/([^"]+)"/g;

worker.addEventListener("install", (event) => (event as Extendable).waitUntil(keep().then(() => worker.skipWaiting())));
worker.addEventListener("activate", (event) => {
  // The page is asked for while this here still starts, so that nobody waits for it.
  (event as Extendable).waitUntil(worker.registration.navigationPreload?.enable() ?? Promise.resolve());
});
worker.addEventListener("fetch", (event) => {
  const fetching = event as Fetching;
  const { request, preloadResponse } = fetching;
  if (request.mode === "navigate") fetching.respondWith(navigate(request, preloadResponse));
  else if (new URL(request.url).pathname.startsWith(`${PAGE}/`)) fetching.respondWith(kept(request));
});

/** A newer version of the page replaces the older one. */
async function keep(): Promise<void> {
  const page = await fetch(PAGE, { cache: "no-store" });
  if (!page.ok) throw new Error(`${PAGE}: ${page.status}`);
  const text = await page.text();
  await caches.delete(KEPT);
  const cache = await caches.open(KEPT);
  for (const [, file] of text.matchAll(ASSETS)) await cache.put(`${PAGE}/${file}`, await fetch(`/assets/${file}`));
  await cache.put(PAGE, new Response(text.replaceAll(ASSETS, `"${PAGE}/$1"`), { headers: page.headers }));
}

async function navigate(request: Request, preloaded: Promise<Response | undefined>): Promise<Response> {
  try {
    return (await preloaded) ?? (await fetch(request));
  } catch {
    return (await caches.match(PAGE)) ?? Response.error();
  }
}

async function kept(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? (await fetch(request));
}
