/** Tells with what the teacher publishes: what was chosen on this device, else what is live, else this browser. */
import { useState } from "react";
import { type PublishWith, readRemembered, remember } from "../devices/remembered.ts";

/** @param isOfSoftware whether what is live comes from streaming software */
export function usePublishWith(isOfSoftware: boolean): readonly [PublishWith, (choice: PublishWith) => void] {
  const [chosen, setChosen] = useState(() => readRemembered().publishWith);
  const choose = (choice: PublishWith): void => {
    remember({ publishWith: choice });
    setChosen(choice);
  };
  return [chosen ?? (isOfSoftware ? "software" : "browser"), choose];
}
