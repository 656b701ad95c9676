/** Defines the configuration of hls.js for live streams of Lectern. */

/** The server answers a blocking playlist request within three target durations of at most ten seconds. */
const PLAYLIST_WAIT_MS = 35_000;
/** While the publisher is disconnected, the server refuses the playlist; the server decides when the stream has ended. */
const PLAYLIST_RETRIES = 60;

export const HLS_CONFIGURATION = {
  enableWorker: false,
  lowLatencyMode: true,
  // Automatic quality loads no larger picture than the player shows.
  capLevelToPlayerSize: true,
  // The player keeps to the live edge itself, for all engines alike.
  maxLiveSyncPlaybackRate: 1,
  backBufferLength: 30,
  // A second of buffer leaves no time for the usual caution: the estimate follows the newest parts, both down and up.
  abrEwmaFastLive: 2,
  abrEwmaSlowLive: 6,
  abrBandWidthUpFactor: 0.85,
  manifestLoadPolicy: {
    default: { maxTimeToFirstByteMs: 20_000, maxLoadTimeMs: 20_000, timeoutRetry: null, errorRetry: null },
  },
  playlistLoadPolicy: {
    default: {
      maxTimeToFirstByteMs: PLAYLIST_WAIT_MS,
      maxLoadTimeMs: PLAYLIST_WAIT_MS,
      timeoutRetry: { maxNumRetry: 2, retryDelayMs: 0, maxRetryDelayMs: 0 },
      errorRetry: { maxNumRetry: PLAYLIST_RETRIES, retryDelayMs: 500, maxRetryDelayMs: 1000 },
    },
  },
};
