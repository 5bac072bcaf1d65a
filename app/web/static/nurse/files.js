// Addresses of files of this release: they stand beside this very module.

export const files = (name) => new URL(`../${name}`, import.meta.url).pathname;
