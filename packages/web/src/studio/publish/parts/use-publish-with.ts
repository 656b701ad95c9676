/** With what the teacher publishes: what was chosen on this device, else what is live, else this browser. */
import { useState } from "react";
import type { LiveStream } from "../../lesson/use-stream.ts";
import { type PublishWith, readRemembered, remember } from "../devices/remembered.ts";
import { isOfSoftware } from "./publisher-kind.ts";

export function usePublishWith(stream: LiveStream | null): readonly [PublishWith, (choice: PublishWith) => void] {
  const [chosen, setChosen] = useState(() => readRemembered().publishWith);
  const choose = (choice: PublishWith): void => {
    remember({ publishWith: choice });
    setChosen(choice);
  };
  return [chosen ?? (isOfSoftware(stream) ? "software" : "browser"), choose];
}
