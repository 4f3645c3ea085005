namespace Movento.Storage;

public sealed class S3StorageOptions
{
    /// <summary>Where the store listens, as <c>http://minio:9000</c>; http or https.</summary>
    public string Endpoint { get; set; } = "";

    public string Bucket { get; set; } = "movento";

    public string AccessKey { get; set; } = "";

    public string SecretKey { get; set; } = "";

    /// <summary>Part of every signature; MinIO's own default.</summary>
    public string Region { get; set; } = "us-east-1";

    /// <summary>Makes the bucket before its first use if there is none. Off: without the bucket every call fails, not transiently.</summary>
    public bool CreateBucket { get; set; }

    public IEnumerable<string> Validate()
    {
        if (!Uri.TryCreate(Endpoint, UriKind.Absolute, out var endpoint) || endpoint.Scheme is not ("http" or "https"))
            yield return $"Storage:S3:Endpoint is '{Endpoint}': give an http or https URL.";
        if (string.IsNullOrWhiteSpace(Bucket))
            yield return "Storage:S3:Bucket is empty: name the bucket that holds the objects.";
        if (string.IsNullOrWhiteSpace(AccessKey))
            yield return "Storage:S3:AccessKey is empty.";
        if (string.IsNullOrWhiteSpace(SecretKey))
            yield return "Storage:S3:SecretKey is empty.";
        if (string.IsNullOrWhiteSpace(Region))
            yield return "Storage:S3:Region is empty: MinIO's default is us-east-1.";
    }
}
