/** Provides the main query of a page that needs a signed-in person. It signs out when the server no longer knows the session. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { errorCode } from "./error-message.ts";
import { forgetSignIn, isSignedIn, isSignedOut } from "./signed-in.ts";

export type SignedInQuery<T> = {
  readonly signedIn: boolean;
  readonly onSignedIn: () => void;
  readonly data: T | undefined;
  /** The code of a refusal; `offline` when the server did not answer; null without an error. */
  readonly error: string | null;
};

/** @param refetchMs interval of the refetch; default: none */
export function useSignedInQuery<T>(key: string, queryFn: () => Promise<T>, refetchMs?: number): SignedInQuery<T> {
  const [signedIn, setSignedIn] = useState(isSignedIn);
  const query = useQuery({
    queryKey: [key],
    queryFn,
    enabled: signedIn,
    ...(refetchMs ? { refetchInterval: refetchMs } : {}),
  });
  const error = query.error ? errorCode(query.error) : null;
  useEffect(() => {
    if (!isSignedOut(error)) return;
    forgetSignIn();
    setSignedIn(false);
  }, [error]);
  return { signedIn, onSignedIn: () => setSignedIn(true), data: query.data, error };
}
