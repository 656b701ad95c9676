/** Reads the board's part of a room's log from the control process, a part at a time, and the pictures of materials that it names. */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import type { MaterialFile } from "../../contracts/materials/material-messages.ts";
import type { BoardLogEntry, BoardLogPart, BoardLogPosition, OpenedMaterial } from "../../contracts/rooms/board-log.ts";
import type { RoomReplayMessages } from "../../contracts/rooms/room-replay.ts";

export type BoardVideoLogOptions = {
  readonly ask: RoomReplayMessages["roomReplay"];
  readonly lesson: string;
  /** Milliseconds since 1970: the end of the recording. */
  readonly before: number;
  /** Null: there is no such file. */
  readonly readMaterial: (id: string, file: MaterialFile, node: string | null) => Promise<Buffer | null>;
};

const unzip = promisify(gunzip);

export class BoardVideoLog {
  private readonly options: BoardVideoLogOptions;
  /** That the entries read so far have named. */
  private readonly materials = new Map<string, OpenedMaterial>();

  constructor(options: BoardVideoLogOptions) {
    this.options = options;
  }

  /** In the order of the log. @param strokes false: only which page was shown */
  async *entries(strokes: boolean): AsyncGenerator<BoardLogEntry> {
    let after: BoardLogPosition | null = null;
    do {
      const part: BoardLogPart = await this.part(strokes, after);
      for (const [id, material] of Object.entries(part.materials)) this.materials.set(id, material);
      yield* part.entries;
      after = part.next;
    } while (after !== null);
  }

  /** The picture of a page; null: it is gone, or the lesson has not opened its material. */
  async slide(id: string, page: number): Promise<Buffer | null> {
    const material = this.materials.get(id);
    if (!material || page > material.pages) return null;
    return await this.options.readMaterial(id, `large-${page}.webp`, material.node);
  }

  private async part(strokes: boolean, after: BoardLogPosition | null): Promise<BoardLogPart> {
    const { ask, lesson, before } = this.options;
    const answer = await ask({ kind: "board", lesson, strokes, before, after });
    if (answer.kind !== "file") throw new Error("the control process has sent no part of the board");
    const part: BoardLogPart = JSON.parse((await unzip(Buffer.from(answer.gzip, "base64"))).toString());
    return part;
  }
}
