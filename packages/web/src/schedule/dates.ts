/** Defines the library of dates, whose now is the server's. */
import { serverClock } from "@lectern/player/server-clock";
import { DateTime, Settings } from "luxon";

Settings.now = () => serverClock.now();

export { DateTime };
