/** Defines the body of a part of an upload, which a route reads while it arrives. */
import { Readable } from "node:stream";
import { z } from "zod";

export const partBody = z
  .custom<Readable>((sent) => sent instanceof Readable)
  .meta({ type: "string", format: "binary", description: "Bytes of the file from Upload-Offset on." });
