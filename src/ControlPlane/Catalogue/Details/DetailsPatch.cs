using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>What is said of a film or a series, with some of it changed.</summary>
internal static class DetailsPatch
{
    /// <summary>The two as one (RFC 7396), or what is wrong with them. The moment of before goes with the status of before: whoever says only the status does not mean it.</summary>
    public static (TDetails? Details, Problem? Wrong) Apply<TDetails>(TDetails before, JsonObject patch, JsonTypeInfo<TDetails> type)
        where TDetails : TitleDetails
    {
        try
        {
            var said = JsonSerializer.SerializeToNode(before, type)!.AsObject();
            if (patch.ContainsKey("status") && !patch.ContainsKey("publishAt")) said.Remove("publishAt");
            return (MergePatch.Apply(said, patch).Deserialize(type), null);
        }
        catch (JsonException e)
        {
            return (null, Problem.MalformedJson(e.Path));
        }
    }
}
