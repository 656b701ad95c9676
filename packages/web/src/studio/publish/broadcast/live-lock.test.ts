import assert from "node:assert/strict";
import { test } from "node:test";
import { holdLiveLock, watchLiveLock } from "./live-lock.ts";

const { locks } = navigator;

test("a tab hears that another one publishes the lesson, and when that ends", async () => {
  const release = holdLiveLock(locks, "one");
  const heard: boolean[] = [];
  const ended = Promise.withResolvers<void>();
  const taken = Promise.withResolvers<void>();
  watchLiveLock(locks, "one", (isHeld) => {
    heard.push(isHeld);
    (isHeld ? taken : ended).resolve();
  });
  await taken.promise;
  release();
  await ended.promise;
  assert.deepEqual(heard, [true, false]);
});

test("no other tab publishes a lesson whose lock is free", async () => {
  const release = holdLiveLock(locks, "another");
  const heard = await new Promise<boolean>((resolve) => watchLiveLock(locks, "two", resolve));
  release();
  assert.equal(heard, false);
});

test("a tab that has stopped before it got the lock does not hold it later", async () => {
  const release = holdLiveLock(locks, "three");
  holdLiveLock(locks, "three")();
  release();
  await new Promise<void>((resolve) => watchLiveLock(locks, "three", (isHeld) => isHeld || resolve()));
});
