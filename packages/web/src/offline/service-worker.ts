/**
 * Provides the service worker: caches the offline page, and answers with it when a navigation fails. It caches nothing else, because live pages must
 * never be stale.
 */

// TypeScript's library for service workers conflicts with the one for pages; these are the parts that this file uses.
type ExtendableEvent = Event & { waitUntil: (work: Promise<unknown>) => void };
type FetchEvent = Event & {
  readonly request: Request;
  readonly preloadResponse: Promise<Response | undefined>;
  respondWith: (answer: Promise<Response>) => void;
};
type WorkerScope = EventTarget & {
  readonly skipWaiting: () => Promise<void>;
  readonly registration: { readonly navigationPreload?: { enable: () => Promise<void> } };
};

const worker = self as unknown as WorkerScope;
const CACHE = "offline";
const PAGE = "/offline";
/** The assets of the page. They are cached below the page's address, so that requests for other assets bypass this worker. */
const ASSETS = /"\/assets\/([^"]+)"/g;

worker.addEventListener("install", (event) =>
  (event as ExtendableEvent).waitUntil(cacheOfflinePage().then(() => worker.skipWaiting())),
);
worker.addEventListener("activate", (event) => {
  // The browser requests the page while this worker starts.
  (event as ExtendableEvent).waitUntil(worker.registration.navigationPreload?.enable() ?? Promise.resolve());
});
worker.addEventListener("fetch", (event) => {
  const fetchEvent = event as FetchEvent;
  const { request, preloadResponse } = fetchEvent;
  if (request.mode === "navigate") fetchEvent.respondWith(navigate(request, preloadResponse));
  else if (new URL(request.url).pathname.startsWith(`${PAGE}/`)) fetchEvent.respondWith(cachedFirst(request));
});

/** Replaces an older version of the page. */
async function cacheOfflinePage(): Promise<void> {
  const page = await fetch(PAGE, { cache: "no-store" });
  if (!page.ok) throw new Error(`${PAGE}: ${page.status}`);
  const text = await page.text();
  await caches.delete(CACHE);
  const cache = await caches.open(CACHE);
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

async function cachedFirst(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? (await fetch(request));
}
