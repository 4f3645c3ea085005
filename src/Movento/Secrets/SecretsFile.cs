using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Movento.Contracts;
using Movento.ControlPlane.Identity.AccessTokens;
using Movento.Hosting;

namespace Movento.Secrets;

/// <summary>
/// Every secret of an installation, made on the first start and kept in one file that only its owner reads. Machines that work together
/// share the file (<c>Movento:SecretsFile</c>).
/// </summary>
public sealed record SecretsFile
{
    /// <summary>Keys of playback tokens at most: a rotation needs three.</summary>
    public const int MaxPlaybackKeys = 16;

    /// <summary>Keys of access tokens at most.</summary>
    public const int MaxAccessTokenKeys = 16;

    /// <summary>Of <see cref="IdentitySecret"/>, in bytes.</summary>
    private const int IdentitySecretLength = 32;

    private const UnixFileMode OwnerReads = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The id of the key that signs playback tokens.</summary>
    public required byte PlaybackKey { get; init; }

    /// <summary>The keys of playback tokens by id: 32 bytes each, base64.</summary>
    public required IReadOnlyDictionary<byte, byte[]> PlaybackKeys { get; init; }

    /// <summary>The keys of Common Access Tokens that others mint for this installation; none in files that do not say.</summary>
    public IReadOnlyList<CommonAccessTokenSecret>? CommonAccessTokenKeys { get; init; }

    /// <summary>What the keys of encrypted films are derived from: 32 bytes, base64. Files that are older than it get one.</summary>
    public byte[]? ContentKeySecret { get; init; }

    /// <summary>What the keys of passwords, authenticator apps and known devices are derived from: 32 bytes, base64. Files that are older than it get
    /// one.</summary>
    public byte[]? IdentitySecret { get; init; }

    /// <summary>Private keys of access tokens, and since when each signs.</summary>
    public required IReadOnlyList<AccessTokenKey> AccessTokenKeys { get; init; }

    /// <summary>The operator's e-mail address, with which the first user is made.</summary>
    public required string OperatorEmail { get; init; }

    /// <summary>The operator's password.</summary>
    public required string OperatorPassword { get; init; }

    /// <summary>The playback keys, ready for use.</summary>
    public PlaybackKeyRing KeyRing() => new(
        PlaybackKeys, PlaybackKey, [.. (CommonAccessTokenKeys ?? []).Select(key => new CommonAccessTokenKey(key?.Id!, key?.Issuer, key?.Secret))]);

    /// <summary>The secret of content keys, ready for use.</summary>
    public ContentKeySecret ContentKeys() => new(ContentKeySecret);

    /// <summary>Reads the file, or makes it where there is none.</summary>
    /// <exception cref="StartException">The file can be read by others, or is not one of ours.</exception>
    public static SecretsFile ReadOrCreate(string path)
    {
        if (!File.Exists(path)) Create(path);
        var secrets = Read(path);
        return secrets.ContentKeySecret is null || secrets.IdentitySecret is null ? Complete(path) : secrets;
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="StartException">There is none, others can read it, or it is not one of ours.</exception>
    public static SecretsFile Read(string path)
    {
        try
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & ~OwnerReads & ~UnixFileMode.UserExecute) != 0)
                throw new StartException([$"The secrets file '{path}' can be read by others than its owner: chmod 600 it, and consider its secrets known."]);
            var secrets = JsonSerializer.Deserialize(File.ReadAllBytes(path), SecretsJson.Default.SecretsFile)
                ?? throw new StartException([$"The secrets file '{path}' is empty."]);
            secrets.KeyRing();
            if (secrets.ContentKeySecret is not null) secrets.ContentKeys();
            foreach (var key in secrets.AccessTokenKeys) AccessTokenKeyRing.Import(key.Pem).Dispose();
            if (secrets.IdentitySecret is { Length: not IdentitySecretLength }) throw new ArgumentException("identitySecret has another length.");
            return secrets;
        }
        catch (Exception error) when (error is JsonException or IOException or ArgumentException or UnauthorizedAccessException or CryptographicException)
        {
            // Not the parser's words: they may quote the file.
            throw new StartException([$"The secrets file '{path}' cannot be read ({error.GetType().Name})."]);
        }
    }

    /// <summary>The file with one more key of playback tokens, which does not sign yet: its id is the next free one after the key that signs.</summary>
    /// <exception cref="StartException">There are <see cref="MaxPlaybackKeys"/> already.</exception>
    public SecretsFile WithNewPlaybackKey()
    {
        if (PlaybackKeys.Count >= MaxPlaybackKeys)
            throw new StartException([$"There are {PlaybackKeys.Count} playback keys: remove those that are not needed any more before adding another."]);
        var id = (byte)(PlaybackKey + 1);
        while (PlaybackKeys.ContainsKey(id)) id++;
        return this with
        {
            PlaybackKeys = new Dictionary<byte, byte[]>(PlaybackKeys) { [id] = RandomNumberGenerator.GetBytes(PlaybackKeyRing.KeyLength) },
        };
    }

    /// <summary>The file where another of its keys signs playback tokens.</summary>
    /// <exception cref="StartException">It does not hold that key.</exception>
    public SecretsFile WithPlaybackKey(byte id) =>
        PlaybackKeys.ContainsKey(id) ? this with { PlaybackKey = id } : throw new StartException([$"There is no playback key {id}."]);

    /// <summary>The file without a key of playback tokens.</summary>
    /// <exception cref="StartException">It does not hold that key, or that key signs.</exception>
    public SecretsFile WithoutPlaybackKey(byte id)
    {
        if (!PlaybackKeys.ContainsKey(id)) throw new StartException([$"There is no playback key {id}."]);
        if (id == PlaybackKey) throw new StartException([$"Playback key {id} signs: let another one sign first."]);
        return this with { PlaybackKeys = PlaybackKeys.Where(key => key.Key != id).ToDictionary() };
    }

    /// <summary>The file with one more key of access tokens, and without those that verify nothing any more.</summary>
    /// <param name="now">The time.</param>
    /// <param name="overlap">How long it is known before it signs.</param>
    /// <param name="lifetime">How long an access token lives.</param>
    /// <exception cref="StartException">There are <see cref="MaxAccessTokenKeys"/> already.</exception>
    public SecretsFile WithNewAccessTokenKey(DateTimeOffset now, TimeSpan overlap, TimeSpan lifetime)
    {
        var living = new AccessTokenKeyRing(AccessTokenKeys, lifetime).IdsAt(now);
        var kept = AccessTokenKeys.Where(key => living.Contains(AccessTokenKeyRing.IdOf(key.Pem))).ToList();
        if (kept.Count >= MaxAccessTokenKeys)
            throw new StartException([$"There are {kept.Count} keys of access tokens: drop those that are not needed any more before adding another."]);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return this with { AccessTokenKeys = [new AccessTokenKey(key.ExportPkcs8PrivateKeyPem(), now + overlap), .. kept] };
    }

    /// <summary>The file without a key of access tokens: its tokens are refused. Where it signed, the one before it does.</summary>
    /// <exception cref="StartException">It does not hold that key, or no other.</exception>
    public SecretsFile WithoutAccessTokenKey(string id)
    {
        var kept = AccessTokenKeys.Where(key => AccessTokenKeyRing.IdOf(key.Pem) != id).ToList();
        if (kept.Count == AccessTokenKeys.Count) throw new StartException([$"There is no key {id} of access tokens."]);
        if (kept.Count == 0) throw new StartException([$"Key {id} is the only one of access tokens: add another one first."]);
        return this with { AccessTokenKeys = kept };
    }

    /// <summary>Changes the file, whole or not at all; of several processes that change it at once, one does after the other.</summary>
    /// <returns>What is in it now.</returns>
    /// <exception cref="StartException">It cannot be read or written, or the change cannot be.</exception>
    public static SecretsFile Change(string path, Func<SecretsFile, SecretsFile> change)
    {
        try
        {
            using var turn = EnterAlone($"{path}.lock");
            var secrets = change(Read(path));
            File.Move(WriteBeside(path, secrets), path, overwrite: true);
            return secrets;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException([$"The secrets file '{path}' cannot be changed ({error.GetType().Name})."]);
        }
    }

    private static void Create(string path)
    {
        using var accessTokenKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var secrets = new SecretsFile
        {
            PlaybackKey = 1,
            PlaybackKeys = new Dictionary<byte, byte[]> { [1] = RandomNumberGenerator.GetBytes(PlaybackKeyRing.KeyLength) },
            AccessTokenKeys = [new AccessTokenKey(accessTokenKey.ExportPkcs8PrivateKeyPem(), TimeProvider.System.GetUtcNow())],
            ContentKeySecret = RandomNumberGenerator.GetBytes(Contracts.ContentKeySecret.Length),
            IdentitySecret = RandomNumberGenerator.GetBytes(IdentitySecretLength),
            OperatorEmail = "operator@movento.local",
            OperatorPassword = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789", 24),
        };

        var fresh = WriteBeside(path, secrets);
        try
        {
            File.Move(fresh, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another machine of the installation was quicker: its secrets count.
            File.Delete(fresh);
        }
    }

    // A file from before there were content keys, or accounts with secrets. Of several processes that start at once, one adds what lacks and the others wait for it.
    private static SecretsFile Complete(string path)
    {
        try
        {
            using var turn = EnterAlone($"{path}.lock");
            var secrets = Read(path);
            if (secrets.ContentKeySecret is not null && secrets.IdentitySecret is not null) return secrets;
            secrets = secrets with
            {
                ContentKeySecret = secrets.ContentKeySecret ?? RandomNumberGenerator.GetBytes(Contracts.ContentKeySecret.Length),
                IdentitySecret = secrets.IdentitySecret ?? RandomNumberGenerator.GetBytes(IdentitySecretLength),
            };
            File.Move(WriteBeside(path, secrets), path, overwrite: true);
            return secrets;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new StartException([$"The secrets file '{path}' lacks contentKeySecret or identitySecret, which cannot be added ({error.GetType().Name})."]);
        }
    }

    private static FileStream EnterAlone(string path)
    {
        const int Attempts = 50;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, new FileStreamOptions
                {
                    Mode = FileMode.OpenOrCreate, Access = FileAccess.Write, Share = FileShare.None, UnixCreateMode = OwnerReads, Options = FileOptions.DeleteOnClose,
                });
            }
            catch (IOException) when (attempt < Attempts)
            {
                Thread.Sleep(100);
            }
        }
    }

    // Whole or not at all: written beside, to be moved, and never readable by others on the way.
    private static string WriteBeside(string path, SecretsFile secrets)
    {
        var fresh = $"{path}.{Guid.NewGuid():N}";
        using var file = new FileStream(fresh, new FileStreamOptions
        {
            Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerReads,
        });
        JsonSerializer.Serialize(file, secrets, SecretsJson.Default.SecretsFile);
        file.Flush(flushToDisk: true);
        return fresh;
    }
}

/// <summary>A key of Common Access Tokens (CTA-5007).</summary>
/// <param name="Id">The <c>kid</c> of its tokens.</param>
/// <param name="Issuer">The <c>iss</c> that they must have; null where they have none.</param>
/// <param name="Secret">At least 32 bytes, base64.</param>
public sealed record CommonAccessTokenSecret(string Id, string? Issuer, byte[] Secret);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(AccessTokenKeyConverter)])]
[JsonSerializable(typeof(SecretsFile))]
internal sealed partial class SecretsJson : JsonSerializerContext;
