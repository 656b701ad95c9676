/** Shows where the laser pointers of others shine on the page: each moves as it was moved, and goes out when nothing comes any more. */
import { decodePoints, type Point } from "@lectern/board";
import { textOf, type WireSignal } from "@lectern/room";
import { useEffect, useRef } from "react";
import type { Room } from "../room/use-room.ts";
import type { BoardCanvas } from "./canvas/board-canvas.ts";

type LaserDotsProps = {
  readonly room: Pick<Room, "onSignal" | "you">;
  readonly page: string;
  readonly canvas: BoardCanvas;
};

type Dot = { readonly element: HTMLElement; points: readonly Point[]; since: number; heardAt: number };

const OUT_MS = 1200;

export function LaserDots({ room: { onSignal, you }, page, canvas }: LaserDotsProps) {
  const host = useRef<HTMLDivElement>(null);
  const own = you?.id ?? null;
  useEffect(() => {
    const dots = new Map<string, Dot>();
    let request: number | null = null;
    const draw = (): void => {
      request = null;
      const now = performance.now();
      for (const [person, dot] of dots) {
        if (now - dot.heardAt > OUT_MS) {
          dot.element.remove();
          dots.delete(person);
          continue;
        }
        const point = dot.points.findLast(({ at }) => at <= now - dot.since) ?? dot.points[0];
        const { scale, left, top } = canvas.box;
        if (point) dot.element.style.transform = `translate(${point.x * scale + left}px, ${point.y * scale + top}px)`;
      }
      if (dots.size > 0) request = requestAnimationFrame(draw);
    };
    const take = ({ kind, key, body }: WireSignal): void => {
      if (kind !== "laser" || key === own || textOf(body, "page") !== page || !host.current) return;
      const points = decodePoints(textOf(body, "points") ?? "");
      if (!points || points.length === 0) return;
      const now = performance.now();
      const element = dots.get(key)?.element ?? host.current.appendChild(document.createElement("span"));
      dots.set(key, { element, points, since: now, heardAt: now });
      request ??= requestAnimationFrame(draw);
    };
    const end = onSignal(take);
    return () => {
      end();
      if (request !== null) cancelAnimationFrame(request);
      for (const { element } of dots.values()) element.remove();
    };
  }, [onSignal, own, page, canvas]);
  return <div className="laser-dots" ref={host} aria-hidden="true" />;
}
