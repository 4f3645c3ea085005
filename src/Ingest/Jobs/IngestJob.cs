using Movento.Contracts;
using Movento.Ingest.Encode;

namespace Movento.Ingest.Jobs;

/// <summary>A claimed job: one attempt at bringing one asset from its upload to its publication.</summary>
/// <param name="Asset">The asset.</param>
/// <param name="Owner">Who uploaded it.</param>
/// <param name="Title">As the uploader named it.</param>
/// <param name="Version">The version that this attempt, and no other, writes.</param>
/// <param name="Lease">Proves that the job is still ours.</param>
/// <param name="Attempt">From 1; attempts that stopped gracefully do not count.</param>
/// <param name="Bytes">Of the upload.</param>
/// <param name="Sha256">Of the upload.</param>
/// <param name="PublishedVersion">What goes on playing while this job makes another version of the asset; null for a first one.</param>
internal sealed record IngestJob(
    AssetId Asset, Guid Owner, string Title, int Version, Guid Lease, int Attempt, long Bytes, byte[] Sha256, int? PublishedVersion = null)
{
    /// <summary>What an attempt before this one decided about the encode, to go on with; null for nothing yet.</summary>
    public EncodePlan? Plan { get; init; }
}
