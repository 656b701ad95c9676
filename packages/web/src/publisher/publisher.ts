/** Provides `/publisher.js`: the library by which pages of any origin publish to this server. docs/publish-browser.md. */
export * from "@lectern/publisher";
