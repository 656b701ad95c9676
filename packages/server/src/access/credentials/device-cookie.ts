/**
 * Defines the cookie that marks a device on which people have signed in: `school/people/accounts/known-device.ts`. Requests with it have turns of
 * their own.
 */
export const DEVICE_COOKIE = "lectern-device";
