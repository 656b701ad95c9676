/** Provides the actions on a video element that both players offer: sound, full screen, picture-in-picture. */

const VOLUME_AFTER_UNMUTE = 0.5;

export function toggleMute(video: HTMLVideoElement): void {
  video.muted = !video.muted;
  if (!video.muted && video.volume === 0) video.volume = VOLUME_AFTER_UNMUTE;
}

/** @param volume 0 to 1; 0 mutes */
export function setVolume(video: HTMLVideoElement, volume: number): void {
  video.volume = Math.min(1, Math.max(0, volume));
  video.muted = video.volume === 0;
}

export function toggleFullScreen(element: HTMLElement): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  // iPhones have no full screen for elements.
  else void element.requestFullscreen?.().catch(() => {});
}

export function togglePictureInPicture(video: HTMLVideoElement): void {
  if (document.pictureInPictureElement) void document.exitPictureInPicture();
  else void video.requestPictureInPicture().catch(() => {});
}

/**
 * Plays, without sound if the browser refuses sound before a touch.
 * @param onRefused the browser does not play without sound either
 * @returns whether the sound was turned off
 */
export async function playOrMute(video: HTMLVideoElement, onRefused: () => void): Promise<boolean> {
  try {
    await video.play();
    return false;
  } catch (error) {
    if (!(error instanceof DOMException) || error.name !== "NotAllowedError" || video.muted) return false;
    video.muted = true;
    void video.play().catch(onRefused);
    return true;
  }
}

/** What controls show of the element itself. @param player the element that goes full screen */
export function shownMedia(player: Element, video: HTMLVideoElement) {
  return {
    muted: video.muted,
    volume: video.volume,
    fullScreen: document.fullscreenElement === player,
    offersPictureInPicture: document.pictureInPictureEnabled && !video.disablePictureInPicture,
  };
}
