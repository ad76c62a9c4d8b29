import { define } from './catalogue';
import { withoutFolders } from './serving-error';

/** Of administration. */
export const administrationErrors = {
  adminOff: define(
    'ADMIN_OFF',
    403,
    'FAILED_PRECONDITION',
    () => 'Administration is off; set "adminRoutes": true in the configuration',
  ),
  profileRunning: define(
    'PROFILE_RUNNING',
    409,
    'FAILED_PRECONDITION',
    () => 'A profile is being made; only one is at a time',
  ),
  profileFailed: define(
    'PROFILE_FAILED',
    500,
    'INTERNAL',
    (model: string, version: number, detail: string) =>
      `Model "${model}" version ${version} could not be profiled: ${withoutFolders(detail)}`,
  ),
} as const;
