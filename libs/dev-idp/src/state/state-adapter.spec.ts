import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { StateAdapter } from './state-adapter.js';
import { StateStore } from './state-store.js';

const reuseError = (): Error => new Error('already used');

async function adapterWith(refreshReuseGraceSeconds: number, model = 'RefreshToken'): Promise<StateAdapter> {
  const adapter = new StateAdapter(model, await StateStore.open(), { refreshReuseGraceSeconds, reuseError });
  await adapter.upsert('a', { jti: 'a', grantId: 'g' }, 60);
  return adapter;
}

describe('StateAdapter', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('lets a token be used up once, even by two requests that both found it unused', async () => {
    const adapter = await adapterWith(0);
    await adapter.consume('a');
    await expect(adapter.consume('a')).rejects.toThrow('already used');
    expect(await adapter.find('a')).toMatchObject({ consumed: expect.any(Number) });
  });

  it('shows a used refresh token as unused during the grace time, counted from its first use', async () => {
    const adapter = await adapterWith(30);
    const start = Date.now();
    await adapter.consume('a');
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => start + 20_000);
    await adapter.consume('a');
    expect(await adapter.find('a')).toMatchObject({ consumed: undefined });
    clock.mockImplementation(() => start + 32_000);
    expect(await adapter.find('a')).toMatchObject({ consumed: expect.any(Number) });
    await expect(adapter.consume('a')).rejects.toThrow('already used');
  });

  it('grants no grace to codes', async () => {
    const adapter = await adapterWith(30, 'AuthorizationCode');
    await adapter.consume('a');
    expect(await adapter.find('a')).toMatchObject({ consumed: expect.any(Number) });
  });

  it('lets a used device code be refused without ending its sign-in, and knows it still belongs to it', async () => {
    const adapter = await adapterWith(0, 'DeviceCode');
    expect(await adapter.find('a')).toMatchObject({ grantId: 'g' });
    await adapter.consume('a');
    expect(await adapter.find('a')).toMatchObject({ consumed: expect.any(Number), grantId: undefined });
    await adapter.revokeByGrantId('g');
    expect(await adapter.find('a')).toBeUndefined();
  });

  it('lets an authorization code that comes back end its sign-in', async () => {
    const adapter = await adapterWith(0, 'AuthorizationCode');
    await adapter.consume('a');
    expect(await adapter.find('a')).toMatchObject({ grantId: 'g' });
  });

  it('revokes what belongs to a grant and nothing else', async () => {
    const adapter = await adapterWith(0);
    await adapter.upsert('b', { jti: 'b', grantId: 'other' }, 60);
    await adapter.revokeByGrantId('g');
    expect(await adapter.find('a')).toBeUndefined();
    expect(await adapter.find('b')).toBeDefined();
  });

  it('finds by user code and by session uid', async () => {
    const adapter = await adapterWith(0, 'DeviceCode');
    await adapter.upsert('c', { userCode: 'BCDFGHJK', uid: 'u' }, 60);
    expect(await adapter.findByUserCode('BCDFGHJK')).toMatchObject({ uid: 'u' });
    expect(await adapter.findByUid('u')).toMatchObject({ userCode: 'BCDFGHJK' });
    expect(await adapter.findByUserCode('XXXXXXXX')).toBeUndefined();
  });
});
