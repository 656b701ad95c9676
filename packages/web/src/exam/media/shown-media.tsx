/** Shows pictures and sound where a question or a passage has some: the code for it is loaded then, or before the start (`loadMediaView`). */
import type { Media } from "@lectern/exam";
import { loadedLater } from "../../components/loaded-later.tsx";

const load = async () => (await import("./media-view.tsx")).MediaView;
const MediaView = loadedLater(load);

/** Before thousands need it in the same second. */
export function loadMediaView(): void {
  load().catch(() => {
    // The first picture asks for it again.
  });
}

export function ShownMediaList({ media = [] }: { readonly media?: readonly Media[] | undefined }) {
  return media.length === 0 ? null : <MediaView media={media} />;
}
