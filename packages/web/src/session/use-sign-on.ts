/** Provides the ways to sign in that are set up, as the server says. */
import type { SignOnWays } from "@lectern/client";
import { useEffect, useState } from "react";
import { publicApi, unwrap } from "./api.ts";

/**
 * Null while they are not known. Without an answer, the form for passwords is there.
 * @param school its short name; null: the only school
 */
export function useSignOn(school: string | null): SignOnWays | null {
  const [ways, setWays] = useState<SignOnWays | null>(null);
  useEffect(() => {
    let isCancelled = false;
    const query = school === null ? {} : { school };
    unwrap(publicApi().GET("/api/v1/sign-on", { params: { query } })).then(
      (answer) => {
        if (!isCancelled) setWays(answer);
      },
      () => {},
    );
    return () => {
      isCancelled = true;
    };
  }, [school]);
  return ways;
}
