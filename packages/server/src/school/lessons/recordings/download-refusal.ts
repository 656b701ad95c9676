/** Defines what a person is told when a queue takes no order. */

import type { DownloadRefused } from "../../../contracts/recordings/download-messages.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";

/** Where the code does not say it all. */
const REASONS = {
  "too-many": schoolText("too-many-downloads"),
  "too-large": schoolText("too-large-download"),
  "disk-full": null,
} as const;

export function downloadRefusal({ refused }: DownloadRefused): RefusalError {
  return new RefusalError(refused, REASONS[refused]);
}
