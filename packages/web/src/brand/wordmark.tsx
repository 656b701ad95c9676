/** Shows the head of a page: the school's logo and name, or the mark of Lectern. */
import { useSyncExternalStore } from "react";
import { currentBrand, onBrand } from "./brand.ts";
import { Mark } from "./mark.tsx";

/** @param href where it leads; none: it is no link */
export function Wordmark({ href }: { readonly href?: string }) {
  const { school, logo } = useSyncExternalStore(onBrand, currentBrand);
  const face = (
    <>
      {logo ? <img src={logo} alt="" /> : <Mark />}
      <span>{school ?? "Lectern"}</span>
    </>
  );
  return href === undefined ? (
    <span className="wordmark">{face}</span>
  ) : (
    <a className="wordmark" href={href} title={school ?? "Lectern"}>
      {face}
    </a>
  );
}

/** Only the school's logo, or the mark: where its name stands in words. */
export function BrandMark() {
  const { logo } = useSyncExternalStore(onBrand, currentBrand);
  return <span className="wordmark">{logo ? <img src={logo} alt="" /> : <Mark />}</span>;
}
