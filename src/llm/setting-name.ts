/**
 * Returns the name of a provider's setting.
 * @example settingOf('my-server', 'API_KEY') // 'MY_SERVER_API_KEY'
 */
export const settingOf = (provider: string, setting: string): string =>
  `${provider.toUpperCase().replaceAll('-', '_')}_${setting}`
