/** How clients of AWS reach the emulator. */
export function emulatedClient(endpoint: string): {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
} {
  return { endpoint, region: "eu-central-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };
}
