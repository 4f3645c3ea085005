using System.Text.Json.Serialization;
using Movento.Contracts;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Subtitles.Sidecars;

/// <summary>Subtitles that were uploaded as a file of their own: a row of the table sidecars.</summary>
internal sealed class Sidecar
{
    /// <summary>The columns that fill it.</summary>
    public const string Columns =
        """
        id as "Id", language as "Language", role as "Role", name as "Name", file_name as "FileName", bytes as "Bytes", encoding as "Encoding",
        created_at as "CreatedAt"
        """;

    public Guid Id { get; init; }
    public string? Language { get; init; }
    public string Role { get; init; } = "";
    public string Name { get; init; } = "";
    public string? FileName { get; init; }
    public int Bytes { get; init; }
    public string Encoding { get; init; } = "";
    public DateTime CreatedAt { get; init; }

    /// <summary>Names its rendition: the beginning marks it as made of a sidecar, the rest is of its id's random digits.</summary>
    public string RenditionId => $"{RenditionPrefix}{Id.ToString("N")[16..]}";

    /// <summary>What every rendition begins with that is made of a sidecar.</summary>
    public const string RenditionPrefix = "s-";

    /// <summary>Whether its bytes were taken as Windows-1252 for want of anything better.</summary>
    public bool IsGuessed => Encoding == SidecarText.Guess;

    /// <summary>What it is for.</summary>
    public TrackRole TrackRole => SidecarRole.Of(Role) ?? TrackRole.Subtitle;

    /// <summary>Where its text lies.</summary>
    public string Key(AssetId asset) => StorageKey.Sidecar(asset, Id);

    /// <summary>As the API gives it.</summary>
    public SidecarView View(bool isPublished) => new(
        Id.ToString("N"), Language, Role, Name, FileName, Bytes, Encoding, isPublished, IsGuessed ? [SourceNote.GuessedEncoding(Name)] : [], new DateTimeOffset(CreatedAt));
}

/// <summary>A sidecar as the API gives it (docs/formats/http-api.md).</summary>
internal sealed record SidecarView(
    string Id, string? Language, string Role, string Name, string? FileName, int Bytes, string Encoding, bool Published, SourceNote[] Notes, DateTimeOffset CreatedAt);

/// <summary>All sidecars of an asset, in the order of their upload.</summary>
internal sealed record SidecarList(IReadOnlyList<SidecarView> Items);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(SidecarView))]
[JsonSerializable(typeof(SidecarList))]
internal sealed partial class SidecarJson : JsonSerializerContext;
