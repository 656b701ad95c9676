/** Provides the models of the pages that were shown lately: turning back to one of them takes no request. */
import type { ItemId, PageId } from "@lectern/board";
import type { PageFeed } from "./page-feed.ts";
import { PageModel } from "./page-model.ts";

const MAX_MODELS = 12;

export class PageModels {
  private readonly models = new Map<PageId, PageModel>();
  private readonly feed: PageFeed;
  private readonly isOwn: (id: ItemId) => boolean;

  /** @param isOwn whether an id is of this page's making */
  constructor(feed: PageFeed, isOwn: (id: ItemId) => boolean) {
    this.feed = feed;
    this.isOwn = isOwn;
  }

  of(page: PageId): PageModel {
    const model = this.models.get(page) ?? new PageModel(page, this.feed, this.isOwn);
    // The last one is the one that was used last.
    this.models.delete(page);
    this.models.set(page, model);
    this.drop();
    return model;
  }

  close(): void {
    for (const model of this.models.values()) model.close();
    this.models.clear();
  }

  private drop(): void {
    const unused = [...this.models].filter(([, model]) => !model.isUsed);
    for (const [page, model] of unused.slice(0, Math.max(0, this.models.size - MAX_MODELS))) {
      model.close();
      this.models.delete(page);
    }
  }
}
