/** Provides the pictures of slides: the small one at once, the large one when it is here; those of the next pages are fetched ahead. */
import { useEffect, useState } from "react";
import type { BoardDoor } from "./pages/board-door.ts";
import type { PageLocation } from "./pages/page-location.ts";

/** Of the page that is shown: what the teacher shows next is mostly near. */
const AHEAD = [1, -1, 2] as const;
const RETRY_MS = 2000;

/** @returns the address of the best picture that is here, or of the first that comes; null: the page is no slide */
export function useSlideImage(place: PageLocation | null, door: BoardDoor): string | null {
  const [loaded, setLoaded] = useState<{ readonly key: string; readonly address: string } | null>(null);
  const slide = place?.set.pages === "slides" ? { material: place.set.material, number: place.number } : null;
  const key = slide ? `${slide.material} ${slide.number}` : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a renewed link is used for the next picture
  useEffect(() => {
    if (!slide || !place || key === null) return;
    const images: HTMLImageElement[] = [];
    let timer: ReturnType<typeof setTimeout> | null = null;
    const fetchLarge = (): void => {
      const address = door.slide(slide.material, slide.number, "large");
      const image = new Image();
      images.push(image);
      image.onload = () => {
        setLoaded({ key, address });
        for (const step of AHEAD) ahead(slide.number + step);
      };
      image.onerror = () => {
        timer = setTimeout(fetchLarge, RETRY_MS);
      };
      image.src = address;
    };
    const ahead = (number: number): void => {
      if (number < 1 || number > place.set.count) return;
      for (const size of ["small", "large"] as const) {
        const image = new Image();
        images.push(image);
        image.src = door.slide(slide.material, number, size);
      }
    };
    fetchLarge();
    return () => {
      if (timer) clearTimeout(timer);
      for (const image of images) Object.assign(image, { onload: null, onerror: null });
    };
  }, [key]);
  if (!slide || key === null) return null;
  return loaded?.key === key ? loaded.address : door.slide(slide.material, slide.number, "small");
}

/** Pictures that lie on pages as items. @returns a function that gives one, or null while it loads */
export function imageLoader(
  door: () => BoardDoor,
  onLoaded: () => void,
): (material: string, page: number) => HTMLImageElement | null {
  const images = new Map<string, HTMLImageElement>();
  return (material, page) => {
    const key = `${material} ${page}`;
    const known = images.get(key);
    if (known) return known.complete && known.naturalWidth > 0 ? known : null;
    const image = new Image();
    image.onload = onLoaded;
    image.onerror = () => setTimeout(() => images.delete(key), RETRY_MS);
    image.src = door().slide(material, page, "large");
    images.set(key, image);
    return null;
  };
}
