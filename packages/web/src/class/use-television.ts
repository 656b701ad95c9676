/** Decides whether the class is shown as on a television: arrows and OK, read from afar. A person may choose it on any large screen. */
import { useMediaQuery } from "@lectern/ui";
import { useState } from "react";
import { keepValue, keptValue } from "../session/kept-values.ts";
import { isTelevisionBrowser, NO_MOUSE } from "../television-browser.ts";

/** As in classroom.css. */
export const LARGE_SCREEN = "(min-width: 1800px)";
const KEY = "lectern.television";

export type Television = {
  readonly isLarge: boolean;
  readonly isTelevision: boolean;
  readonly choose: (isTelevision: boolean) => void;
};

export function useTelevision(): Television {
  const isLarge = useMediaQuery(LARGE_SCREEN);
  const hasNoMouse = useMediaQuery(NO_MOUSE);
  const [chosen, setChosen] = useState(() => keptValue("device", KEY));
  const isTelevision = chosen === null ? isTelevisionBrowser(hasNoMouse) : chosen === "on";
  const choose = (wanted: boolean): void => {
    keepValue("device", KEY, wanted ? "on" : "off");
    setChosen(wanted ? "on" : "off");
  };
  return { isLarge, isTelevision: isLarge && isTelevision, choose };
}
