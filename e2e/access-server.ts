/** Provides the configuration of the server that tests of access share: two workers, links of a known secret, recordings, and back ends of this machine. */
export const LINK_SECRET = "link-secret-of-these-tests";

export const ACCESS_SETTINGS = {
  workers: "2",
  trustedProxies: '["127.0.0.1"]',
  "secrets.links": `["${LINK_SECRET}"]`,
  "recording.auto": "pushed",
  // Recordings are soon whole, and an encoder whose worker was killed is back before.
  "publish.graceSeconds": "3",
  "webhooks.allowPrivateNetworks": "true",
  "limits.perAddress.requestsPerSecond": "100000",
  "limits.perAddress.connections": "10000",
} as const;

export const WORKERS = ["media-1", "media-2"] as const;
