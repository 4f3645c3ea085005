using System.Text.Json;
using Movento.Contracts;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Tests.Running;

/// <summary>What became of a film.</summary>
public sealed record Outcome(IngestHost Host, JsonElement Asset)
{
    public string Id => Asset.GetProperty("id").GetString()!;
    public string State => Asset.GetProperty("state").GetString()!;
    public int Version => Asset.GetProperty("version").GetInt32();
    public string Verdict => State == "rejected" ? Asset.GetProperty("rejection").GetProperty("code").GetString()! : State;

    /// <summary>presentation.json as it lies in the store.</summary>
    public async Task<Presentation> PresentationAsync()
    {
        await using var stream = await Host.Store.OpenAsync(StorageKey.Presentation(AssetId.Parse(Id), Version), default);
        using var copy = new MemoryStream();
        await stream!.CopyToAsync(copy);
        return PresentationJson.Read(copy.ToArray());
    }

    /// <summary>receipt.json as it lies in the store.</summary>
    public async Task<JsonElement> ReceiptAsync()
    {
        await using var stream = await Host.Store.OpenAsync(StorageKey.Receipt(AssetId.Parse(Id), Version), default);
        return (await JsonDocument.ParseAsync(stream!)).RootElement;
    }

    /// <summary>Brings a rendition to a local file and returns its path.</summary>
    public async Task<string> FetchAsync(string rendition, string folder)
    {
        var path = Path.Combine(folder, $"{Id}-{rendition}.mp4");
        Assert.True(await Host.Store.CopyToFileAsync(StorageKey.Rendition(AssetId.Parse(Id), Version, rendition), path, default));
        return path;
    }
}
