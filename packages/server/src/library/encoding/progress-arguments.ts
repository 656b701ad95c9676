/** Has the arguments by which ffmpeg says what goes wrong, and twice a second on its standard output how far it is (`encoder-run.ts` reads it). */
export const PROGRESS_ARGUMENTS = [
  "-hide_banner",
  "-loglevel",
  "warning",
  "-nostats",
  "-progress",
  "pipe:1",
  "-stats_period",
  "0.5",
];
