// gateway/cli/main.cpp - the program `caseway`: hands each command to its file.
int main() {
    return 0;
}
