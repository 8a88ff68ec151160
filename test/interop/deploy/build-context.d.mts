export function buildContext(folder: string): string[];
