/** Has the pictures and sound that came with the paper, by their ids: addresses of the bytes in this page, made when they are shown. */
import type { PaperFile } from "@lectern/exam";

export class PaperMedia {
  private readonly files: ReadonlyMap<string, PaperFile>;
  private readonly urls = new Map<string, string>();

  constructor(files: readonly PaperFile[]) {
    this.files = new Map(files.map((file) => [file.id, file]));
  }

  /** Null: the paper has no such file. */
  readonly urlOf = (id: string): string | null => {
    const known = this.urls.get(id);
    const file = this.files.get(id);
    if (known !== undefined || !file) return known ?? null;
    const url = URL.createObjectURL(new Blob([file.bytes], { type: file.type }));
    this.urls.set(id, url);
    return url;
  };

  close(): void {
    for (const url of this.urls.values()) URL.revokeObjectURL(url);
    this.urls.clear();
  }
}
