using System.Text.Json.Serialization;

namespace Movento.Client;

internal sealed record Credentials(string Email, string Password);

internal sealed record Session(string AccessToken);

internal sealed record SecondFactorAwaited(string Ticket, bool MustEnrol);

internal sealed record SecondFactor(string Ticket, string Code);

internal sealed record Problem(string? Title, string? Detail, string? Code, string? Hint);

/// <summary>An asset on its way, as <c>GET /api/assets/{id}</c> tells it.</summary>
public sealed record Asset(string Id, string Title, string State, IReadOnlyList<AssetStage> Stages, AssetRejection? Rejection);

/// <summary>A stage of the way; <paramref name="Progress"/> from 0 to 1.</summary>
public sealed record AssetStage(string Name, string State, double Progress);

/// <summary>Why an asset was refused.</summary>
public sealed record AssetRejection(string Code, string Message, string? Hint);

/// <summary>Signed URLs on the edge.</summary>
public sealed record Grant(Uri HlsUrl, Uri DashUrl, DateTimeOffset ExpiresAt);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Credentials))]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(SecondFactorAwaited))]
[JsonSerializable(typeof(SecondFactor))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(Asset))]
[JsonSerializable(typeof(Grant))]
internal sealed partial class ClientJson : JsonSerializerContext;
