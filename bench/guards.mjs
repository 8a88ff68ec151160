import { UnauthorizedException } from '@nestjs/common';

/** The shape of a guard that everybody writes around a library: find the token, verify it, put the claims on the request. */
export function guardOf(verify) {
  return {
    async canActivate(context) {
      const request = context.switchToHttp().getRequest();
      try {
        request.user = await verify(tokenOf(request));
        return true;
      } catch (cause) {
        throw new UnauthorizedException('Unauthorized', { cause });
      }
    },
  };
}

/** As {@link guardOf}, without any promise. */
export function synchronousGuardOf(verify) {
  return {
    canActivate(context) {
      const request = context.switchToHttp().getRequest();
      request.user = verify(tokenOf(request));
      return true;
    },
  };
}

function tokenOf(request) {
  return request.headers.authorization.slice(7);
}
