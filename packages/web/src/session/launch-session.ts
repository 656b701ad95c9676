/**
 * Provides the session of a launch in a frame of a learning platform. Browsers keep the cookies of this server out of pages of other sites, so the
 * page itself holds the session's token, as long as it is open. Nothing stores it.
 */
let token: string | null = null;

export function launchToken(): string | null {
  return token;
}

/** @param next null: the session has ended */
export function setLaunchToken(next: string | null): void {
  token = next;
}
