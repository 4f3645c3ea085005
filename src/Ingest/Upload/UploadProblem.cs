using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Movento.Ingest.Assets;

namespace Movento.Ingest.Upload;

/// <summary>An error of an upload as problem details, with the types and members of draft-ietf-httpbis-resumable-upload, "Problem Types".</summary>
internal sealed record UploadProblem(
    string Type, string Title, int Status, string Detail, string Code, string? Hint,
    [property: JsonPropertyName("expected-offset")] long? ExpectedOffset,
    [property: JsonPropertyName("provided-offset")] long? ProvidedOffset,
    string? RequestId = null)
{
    private const string Registry = "https://iana.org/assignments/http-problem-types#";

    /// <summary>The answer.</summary>
    public static IResult Result(IngestError error, long? expectedOffset = null, long? providedOffset = null) => new ProblemAnswer<UploadProblem>(
        error.Status,
        requestId => new UploadProblem(
            TypeOf(error.Code), Phrase(error.Status), error.Status, error.Message, error.Code, error.Hint, expectedOffset, providedOffset, requestId),
        UploadProblemJson.Default.UploadProblem);

    private static string TypeOf(string code) => code switch
    {
        "offset_mismatch" => Registry + "mismatching-upload-offset",
        "completed_upload" => Registry + "completed-upload",
        "length_mismatch" => Registry + "inconsistent-upload-length",
        _ => "about:blank",
    };

    // 460 is tus's own (1.0.0, "Checksum").
    private static string Phrase(int status) => status == 460 ? "Checksum Mismatch" : ReasonPhrases.GetReasonPhrase(status);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(UploadProblem))]
internal sealed partial class UploadProblemJson : JsonSerializerContext;
