/** Defines the controls of all pages. docs/design.md says when to use which; the icons are in `@lectern/ui/icons`. */

export { Badge } from "./badge.tsx";
export { Button } from "./button.tsx";
export { Dialog } from "./dialog.tsx";
export { Drawer } from "./drawer.tsx";
export { EmptyState } from "./empty-state.tsx";
export { Icon } from "./icon.tsx";
export { Menu, type MenuItem } from "./menu.tsx";
export { Popup } from "./popup.tsx";
export { SkeletonRows } from "./skeleton.tsx";
export { type Column, Table } from "./table.tsx";
export { TabList, TabPanel } from "./tabs.tsx";
export { TextField } from "./text-field.tsx";
export { ToastRegion } from "./toast.tsx";
export { showToast } from "./toast-store.ts";
export { useCloseOutside } from "./use-close-outside.ts";
export { useMediaQuery } from "./use-media-query.ts";
