/** Ends the session. */
import { useState } from "react";
import { useTranslation } from "../texts/use-translation.ts";
import { api, unwrap } from "./api.ts";
import { errorCode, errorMessage } from "./error-message.ts";
import { forgetSignIn, isSignedOut } from "./signed-in.ts";

/** @param leave goes where nobody has to be signed in @returns the function that signs out, and why the last try failed, or an empty text */
export function useSignOut(leave: () => void): { readonly signOut: () => void; readonly error: string } {
  const { t } = useTranslation();
  const [error, setError] = useState("");
  const end = async (): Promise<void> => {
    try {
      await unwrap(api().DELETE("/api/v1/sessions/current"));
    } catch (failure) {
      // Only the server can end the session and remove its cookie.
      if (!isSignedOut(errorCode(failure))) return setError(errorMessage(failure, t("offline")));
    }
    forgetSignIn();
    leave();
  };
  return { signOut: () => void end(), error };
}
